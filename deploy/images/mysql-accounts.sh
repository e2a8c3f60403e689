# Read by the MySQL image's start at the first run: a schema and an account per service, the passwords from secret files.
for service in auth deal pay chat push; do
    password=$(cat "/run/secrets/db_$service")
    docker_process_sql --database=mysql <<SQL
CREATE DATABASE gonggu_$service CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci;
CREATE USER 'gonggu_$service'@'%' IDENTIFIED BY '$password';
GRANT ALL ON gonggu_$service.* TO 'gonggu_$service'@'%';
SQL
done
